diff private
